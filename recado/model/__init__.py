"""The practice in plain values: what is true of clients, tasks, messages, money and time. Pure: no disk, clock or network."""
