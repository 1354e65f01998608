/// The commands of this folder.
enum MediaCommands {
    static let all: [any Command] = []
}
