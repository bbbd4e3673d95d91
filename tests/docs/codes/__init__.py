"""The pages of the finding codes: ``docs/codes/source`` written out, each example checked."""
