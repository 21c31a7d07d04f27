process EPITRACK_HUB {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/epitrack:0.2.0--0':
        'biocontainers/epitrack:0.2.0--0' }"

    input:
    tuple val(meta), path(tracks, stageAs: 'tracks/*')

    output:
    tuple val(meta), path("${prefix}"), emit: hub
    path "versions.yml", emit: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}_hub"
    """
    epitrack \\
        hub \\
        tracks/* \\
        ${args} \\
        --out ${prefix}

    epitrack hub check ${prefix}

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        epitrack: \$(epitrack --version | sed 's/epitrack //')
    END_VERSIONS
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}_hub"
    """
    mkdir ${prefix}
    touch ${prefix}/hub.txt

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        epitrack: \$(epitrack --version | sed 's/epitrack //')
    END_VERSIONS
    """
}
