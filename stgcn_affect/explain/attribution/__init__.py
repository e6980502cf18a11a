"""Attribution methods: from an encoder's input to the relevance of joints and samples."""
