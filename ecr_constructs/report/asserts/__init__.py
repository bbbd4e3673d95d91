"""What tests of users' own apps ask: who can reach what, and which images stay."""
