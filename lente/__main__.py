"""python -m lente: what the command `lente` does."""

from lente.app.cli import main

if __name__ == "__main__":
    main()
