# lib/pg
