"""A data perimeter: who, and from where, may reach repositories at all."""
