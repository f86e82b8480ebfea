"""The two commands, `./run` and `./test`: they set up what Tomoni needs and keep it running.

Nothing here is imported by the product, and nothing here imports the product. What runs before the
environment exists (`run`, `check`, `install`, `console`, `places`) uses the standard library only.
"""
