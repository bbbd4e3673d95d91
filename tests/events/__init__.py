"""Events as AWS documents them, each recorded with the page that it is from."""
