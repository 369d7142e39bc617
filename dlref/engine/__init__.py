"""The engine: runs code and keeps what it gave. It knows no generator of sites.

The way of an exhibit: `collecting` finds its mark on a page; `source` reads what it depends on, which is its key;
`cache` has it under that key, or `isolate` runs `make` in a process with limits; `make` calls the function and turns
what it returns into frames (`svg`, `table`, `text`). Of an example: `examples` finds it, runs it the same way and
compares; `passed` remembers what passed. `trained` keeps trainings, `verify` does it all again on a reader's machine.
"""
