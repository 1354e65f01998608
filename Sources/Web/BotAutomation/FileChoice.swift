internal import Bots

/// The files that a bot has, to choose one from, and what a script needs to add another.
struct FileChoice: Sendable {
    static let uploadField = "upload"

    let fileLine: FormLine
    /// Where a script sends a new file.
    let fileURL: String
    let fileKinds: [Choice]
    /// Where a form sends it when there is no script.
    let fileAction: String
    /// What is wrong with the file that the form has brought.
    let fileError: String?
    let fileIsAdded: Bool

    init(_ files: [ListedFile], _ chosen: String?, _ lines: FormLines, base: String, part: CommandPart) {
        let strings = lines.strings
        let entries = files.map { file in
            let kind = strings("commands.file.kind.\(file.kind.rawValue)")
            return (file.id.text, "\(file.name) (\(kind), \(BotWords.bytes(file.bytes)))")
        }
        fileLine = lines.choice("file", chosen ?? "", [("", strings("commands.file.none"))] + entries)
        fileURL = "/api\(base)/files"
        fileAction = "\(base)/\(part.rawValue)/file"
        fileError = lines.error.flatMap { $0.field == Self.uploadField ? strings.message(of: $0) : nil }
        fileIsAdded = lines.form?.upload != nil && lines.error == nil
        let kind = lines.form?["upload-kind"]
        fileKinds =
            [Choice("", strings("commands.file.kind.any"), isSelected: kind == nil)]
            + BotFile.Kind.allCases.map {
                Choice($0.rawValue, strings("commands.file.kind.\($0.rawValue)"), isSelected: kind == $0.rawValue)
            }
    }
}
