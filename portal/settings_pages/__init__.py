"""What a person may change about their weeks: the day, a break, the mails, and leaving."""
