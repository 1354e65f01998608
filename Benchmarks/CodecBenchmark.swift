import ArgumentParser
import WhatsAppWire

/// Node decoder and encoder on typical stanzas, on one core.
struct CodecBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codec",
        abstract: "Reads and writes typical stanzas: MB/s and nanoseconds a node."
    )

    enum Direction: String, ExpressibleByArgument, CaseIterable {
        case decode, encode
    }

    @Option(help: "Runs of which the median counts.")
    var runs = 7

    @Option(help: "Milliseconds a run.")
    var milliseconds = 400

    @Option(help: "Only so many turns over the mix in one direction, unmeasured: for counting allocations.")
    var turns: Int?

    @Option(help: "The direction of those turns.")
    var direction = Direction.decode

    func run() throws {
        let mix = StanzaMix()
        if let turns {
            try repeatOnly(mix, turns: turns)
            return
        }
        Circumstances.current().report()
        report(
            "median of \(runs) runs of \(milliseconds) ms, least and greatest; one core, processor time; 1 MB = 1,000,000 bytes"
        )
        report("")
        report("                bytes  nodes   decode MB/s (ns/node)             encode MB/s (ns/node)")
        for kind in mix.kinds { try measure(kind.name, kind.stanzas) }
        try measure("all, mixed", mix.stanzas)
    }

    private func measure(_ name: String, _ nodes: [BinaryNode]) throws {
        let stanzas = try nodes.map { try StanzaCodec.encode($0) }
        let byteCount = Double(stanzas.reduce(0) { $0 + $1.count })
        let nodeCount = Double(nodes.reduce(0) { $0 + $1.nodeCount })
        let decoding = try sample { for stanza in stanzas { keep(try StanzaCodec.decode(stanza)) } }
        let encoding = try sample { for node in nodes { keep(try StanzaCodec.encode(node)) } }
        func column(_ sample: Sample) -> String {
            let rate = (byteCount / sample.median / 1e6).digits(0)
            let bounds =
                "\((byteCount / sample.greatest / 1e6).digits(0))-\((byteCount / sample.least / 1e6).digits(0))"
            return "\(rate) [\(bounds)] (\((sample.median / nodeCount * 1e9).digits(0)))".padded(to: 32)
        }
        let sizes = "\(Int(byteCount))".padded(to: 7) + "\(Int(nodeCount))".padded(to: 8)
        report(name.padded(to: 16) + sizes + column(decoding) + "  " + column(encoding))
    }

    private func sample(_ body: () throws -> Void) throws -> Sample {
        try body()
        return Sample(try (0..<runs).map { _ in try secondsPerTurn(for: .milliseconds(milliseconds), body) })
    }

    private func repeatOnly(_ mix: StanzaMix, turns: Int) throws {
        let stanzas = try mix.stanzas.map { try StanzaCodec.encode($0) }
        for _ in 0..<turns {
            switch direction {
            case .decode: for stanza in stanzas { keep(try StanzaCodec.decode(stanza)) }
            case .encode: for node in mix.stanzas { keep(try StanzaCodec.encode(node)) }
            }
        }
        report("\(turns) turns, \(mix.stanzas.reduce(0) { $0 + $1.nodeCount } * turns) nodes")
    }
}

/// Keeps a result from being optimised away.
@inline(never)
func keep<Value>(_ value: Value) {}
