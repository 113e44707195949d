"""The courses that ship with the platform, and the tools that build their media."""
