"""`python -m graphwright`: the command line."""

from graphwright.cli import main

if __name__ == "__main__":
    main()
