"""Access by a web server that asks for a password: nginx or Caddy, with a configuration written beside the portals."""
