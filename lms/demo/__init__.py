"""The demo world: a company, its partners and 18 months of learning, from a generator with a known truth.

`world` draws the truth (pure), `script` says what the named people are in the middle of, `learning`
turns both into attempts, `build` writes it all to the database, `removal` takes it away again, and
`check` proves that what is stored agrees with itself. Nothing of the truth is stored.
"""
