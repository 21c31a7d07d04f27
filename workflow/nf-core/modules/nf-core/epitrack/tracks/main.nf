process EPITRACK_TRACKS {
    tag "${meta.id}"
    label 'process_high'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/epitrack:0.2.0--0':
        'biocontainers/epitrack:0.2.0--0' }"

    input:
    tuple val(meta), path(run), path(pairs)
    tuple val(meta2), path(reference)

    output:
    tuple val(meta), path("${prefix}"), emit: tracks
    path "versions.yml", emit: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}_tracks"
    """
    epitrack \\
        --threads ${task.cpus} \\
        tracks \\
        ${run} \\
        --table ${pairs} \\
        --reference ${reference} \\
        ${args} \\
        --out ${prefix}

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        epitrack: \$(epitrack --version | sed 's/epitrack //')
    END_VERSIONS
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}_tracks"
    """
    mkdir ${prefix}
    touch ${prefix}/tracks.json ${prefix}/enhancer_attention.bw ${prefix}/promoter_attention.bw

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        epitrack: \$(epitrack --version | sed 's/epitrack //')
    END_VERSIONS
    """
}
