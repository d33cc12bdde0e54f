"""The demo's mail: what three clients (and some others) write in a week, as their own mail programs would send it.

One module a client, one a mail program; `mime` writes the bytes, `letter` says what a mail is made of.
"""
