"""Recado: a client portal for virtual assistants, from mail to a private static site."""

__version__ = "0.1.0"
