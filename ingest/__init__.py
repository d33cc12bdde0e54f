"""Ingest: from the mailbox to files. Mail is read, decided on and filed, exactly once."""
