import ArgumentParser

/// The figures of `docs/performance.md` and the runs of `docs/fuzzing.md`.
@main
struct WharfBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wharf-benchmarks",
        abstract: "Measures parts of Wharf, and feeds them broken input.",
        subcommands: [
            CodecBenchmark.self, HandshakeBenchmark.self, SignalBenchmark.self, SessionBenchmark.self,
            ServerBenchmark.self, MediaBenchmark.self, StoreBenchmark.self, EngineBenchmark.self,
            GroupBenchmark.self, PanelBenchmark.self, PanelServerCommand.self,
            FuzzCommand.self,
        ]
    )
}
