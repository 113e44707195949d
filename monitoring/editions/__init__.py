"""An edition on its way to the people of the studies."""
