"""Staff bring people in: public links, one invitation, or a list from a CSV file.

    reading    a file's bytes      -> rows with their line numbers, and what is wrong with the file
    cells      one cell            -> what it means, or what is wrong with it
    rows       a row's cells       -> one person, or all that is wrong with the row
    checking   a file and a study  -> a `Checked` list: all its people, or all that is wrong
    saving     a `Checked` list    -> saved with its mails and its record; everybody, or nobody

Nothing of a file is kept on the server before its people are: the page that shows it holds it.
"""
