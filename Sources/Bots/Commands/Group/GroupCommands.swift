/// The commands of this folder.
enum GroupCommands {
    static let all: [any Command] = []
}
