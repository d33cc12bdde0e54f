"""What `recado run` is made of, whatever it runs: its log, its state, places that are published side by side, jobs, its end."""
