extension QRCode {
    /// How a terminal shows light and dark.
    package enum TerminalStyle: Sendable {
        /// Black on white whatever the terminal's own colours are, by escape sequences.
        case coloured
        /// Block characters alone; right on a dark terminal.
        case plain
    }

    /// The code as lines of half-block characters, two rows of modules a line, with a quiet zone of two modules.
    package func terminalBlocks(style: TerminalStyle = .plain) -> String {
        let margin = 2
        var text = ""
        for top in stride(from: -margin, to: size + margin, by: 2) {
            if case .coloured = style { text += "\u{1B}[38;5;231;48;5;16m" }
            for x in -margin..<(size + margin) {
                // The row below the last one of an odd number of rows is not part of the code's ground.
                let isLowerLight = top + 1 < size + margin && !self[x, top + 1]
                switch (!self[x, top], isLowerLight) {
                case (true, true): text += "█"
                case (true, false): text += "▀"
                case (false, true): text += "▄"
                case (false, false): text += " "
                }
            }
            if case .coloured = style { text += "\u{1B}[0m" }
            text += "\n"
        }
        return text
    }
}
