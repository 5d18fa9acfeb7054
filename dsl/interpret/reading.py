"""temporary"""
def tabulate(*a): raise NotImplementedError
