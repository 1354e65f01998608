/// What an add-on does to the message that it belongs to; the text goes into its key.
package enum AddOnUse: String, Sendable, CaseIterable {
    case pollVote = "Poll Vote"
    case eventResponse = "Event Response"
    case reaction = "Enc Reaction"
    case comment = "Enc Comment"
    case eventEdit = "Event Edit"
    case messageEdit = "Message Edit"
    case pollEdit = "Poll Edit"
    case pollAddOption = "Poll Add Option"
    /// An answer of a bot, under a secret that ``BotSecret`` derives.
    case botMessage = ""

    /// Whether target and modifier stand beside the ciphertext as additional data.
    var isBound: Bool {
        switch self {
        case .pollVote, .eventResponse, .botMessage: true
        case .reaction, .comment, .eventEdit, .messageEdit, .pollEdit, .pollAddOption: false
        }
    }
}
