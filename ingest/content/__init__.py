"""What a mail's text says: HTML and plain text as Markdown, quoted history and signature apart, invitations readable.

Pure and bounded; never raises. The Markdown is rendered alone and cleaned by whoever shows it, and is safe to read before
that. Nothing is imported here: a value of this package can be had without what reads HTML.
"""
