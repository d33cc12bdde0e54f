"""A calendar object (RFC 5545) → a few lines to read: what, when, where, who."""

from __future__ import annotations


def read_invitation(content: bytes) -> str:
    """Give the Markdown of an invitation, or '' if none can be read."""
    return ""
