"""`python -m recado` is the `recado` command."""

from recado.cli import main

if __name__ == "__main__":
    main()
