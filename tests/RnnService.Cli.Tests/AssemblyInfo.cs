// Each command sets the number of compute threads of the process, and some tests read it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
