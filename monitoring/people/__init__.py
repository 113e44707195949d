"""The list of a study's people, by code. No column that says who somebody is, is read here."""
