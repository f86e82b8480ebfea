"""Tables that people bring and take away: CSV and Excel, read with care and written without traps.

`reading.read` turns a file's bytes into rows of text, `headers.match` finds the columns by their names,
`writing` makes files that read back to the same rows. No database: what a row means is the caller's.
"""
