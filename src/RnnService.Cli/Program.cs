using RnnService.Cli;

using var stop = new StopSignals();
return RnnCommand.Run(args, new CommandContext(Console.Out, Console.Error, stop.Token));
