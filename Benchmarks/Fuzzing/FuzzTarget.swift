/// One thing that reads bytes from outside.
struct FuzzTarget {
    enum Outcome {
        case accepted
        case refused
        /// It took the input for what it is not, or says two things about it.
        case unsound(String)
    }

    let name: String
    /// Of a hundred inputs.
    let share: Int
    /// Makes an input and feeds it.
    let run: (inout SplitMix) -> Outcome

    /// Where the bytes of an input come from.
    func seed(_ seed: UInt64, number: Int) -> UInt64 {
        var mixed = seed
        for byte in name.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return mixed &+ UInt64(number) &* 0x2545_f491_4f6c_dd1d
    }

    static func all() throws -> [FuzzTarget] {
        let handshake = HandshakeCorpus()
        let sessions = try SessionCorpus()
        let media = try MediaCorpus()
        let appState = try AppStateCorpus()
        let history = try HistoryCorpus()
        let signal = try SignalCorpus()
        return [
            try .nodes(), try .frames(),
            handshake.client(), handshake.server(), handshake.resumption(), handshake.certificates(),
            handshake.cipher(),
            sessions.sessionIDs(), sessions.credentials(), .jids(),
            media.decryption(), media.formats(),
            appState.appStatePatches(), appState.appStateSnapshots(), appState.appStateActions(),
            history.history(), history.inflation(),
            signal.signalMessages(), signal.senderKeyMessages(), signal.signalRecords(),
        ]
    }
}
