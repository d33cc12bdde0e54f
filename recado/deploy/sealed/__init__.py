"""Access by encryption, for hosts that cannot ask for a password: docs/encrypted-portals.md is the format."""
