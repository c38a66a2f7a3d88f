"""The seven panes: each is given the state and draws it; none holds a fact."""
