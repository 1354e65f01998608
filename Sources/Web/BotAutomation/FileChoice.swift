internal import Bots

/// The files that a bot has, to choose one from, and what a script needs to add another.
struct FileChoice: Sendable {
    let fileLine: FormLine
    /// Where a script sends a new file.
    let fileURL: String
    let fileKinds: [Choice]

    init(_ files: [ListedFile], _ chosen: String?, _ lines: FormLines, base: String) {
        let strings = lines.strings
        let entries = files.map { file in
            let kind = strings("commands.file.kind.\(file.kind.rawValue)")
            return (file.id.text, "\(file.name) (\(kind), \(BotWords.bytes(file.bytes)))")
        }
        fileLine = lines.choice("file", chosen ?? "", [("", strings("commands.file.none"))] + entries)
        fileURL = "/api\(base)/files"
        fileKinds =
            [Choice("", strings("commands.file.kind.any"), isSelected: true)]
            + BotFile.Kind.allCases.map {
                Choice($0.rawValue, strings("commands.file.kind.\($0.rawValue)"), isSelected: false)
            }
    }
}
