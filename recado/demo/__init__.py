"""The demo: a practice, its mail servers and a week of its clients' mail, all on this machine."""
