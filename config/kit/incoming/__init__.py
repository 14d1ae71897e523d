"""What comes in from outside: texts, days, tables, data files. Everything passes here once, whichever way it came."""
