"""A study's data as files: what was true at one moment, by code, with the codebook beside it.

`files/` declares them: each column with its meaning, type, unit and values beside what it reads.
From these come both the CSV and the codebook. What they hold of which model: `fields.py`.

Names, meanings and labels are in English and not translated: a codebook is one for everybody.
"""
