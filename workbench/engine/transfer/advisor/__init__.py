"""Which backbone to take, and how deep to freeze it, judged by the project's own pictures."""
