"""The kinds of place that a portal can go to, one module a kind."""
