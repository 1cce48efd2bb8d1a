"""What each operation is called, which arguments it takes, and how its output is made."""
