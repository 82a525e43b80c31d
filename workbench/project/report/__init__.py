"""The report of a run: one file that can be mailed, printed and read without the program."""
