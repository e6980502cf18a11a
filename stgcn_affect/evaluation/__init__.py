"""How a claim is made: fresh attackers on what is released, and results with limits."""
