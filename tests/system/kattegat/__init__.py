"""What the system tests share: a database, a daemon, and clients for both."""
