"""What a few constructs of a stack tell about all its resources, and when they tell too little.

In the fast mode of a fleet only some resources of a stack are constructs: the witnesses. Whatever
tags, Aspects or a permissions boundary did to them is done to the others. That is right only where
it does not depend on the single resource, so everything that could depend on it is looked for, and
what is found is an error.
"""
