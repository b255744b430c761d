"""``python -m compliance.cli`` is the same as ``nachweis``."""

from compliance.cli import main

if __name__ == "__main__":
    main()
