"""Files that editors put into a draft: received, inspected, kept until saved, or let go.

A file that can serve is kept in the storage at once, under its content's name, whatever becomes of
the form it came with. The page that comes back carries a signed token of it, so that a long film is
sent once. Nobody sees it before a row names it, and what no row names any more goes after two days.
"""
